"""What a visitor meets, over HTTP."""
