"""The model: an encoder (`encoder`), a decoder (`decoder`) that attends (`attention`), both (`seq2seq`)."""
