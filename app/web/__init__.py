"""What is not admin: sign in, the public catalogue, errors, and the habits of every request."""
