"""What people look for: counted without knowing them, grouped, acted on, and whether that helped."""
