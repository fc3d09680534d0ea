"""What the same network is used for, side by side."""
