"""What acces decides, as pure functions of accounts, texts and instants."""
