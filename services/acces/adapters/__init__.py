"""Where acces touches the world: MongoDB, password hashes, mail."""
