"""What `make` calls: small programs about the project itself."""
