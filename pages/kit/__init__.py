"""What the laboratories share: frame, strings, inputs, pictures, caches. It imports none of them."""
