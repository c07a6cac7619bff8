"""Where export touches the world: MongoDB, Kafka, Parcoursup and files."""
