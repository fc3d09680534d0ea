"""Shared by all pages, and the only Streamlit code that is: frame, strings, inputs, pictures, caches."""
