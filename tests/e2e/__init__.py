"""The product as people meet it: a real browser, real HTTP, real SMTP, on both databases."""
