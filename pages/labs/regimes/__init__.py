"""What each way of training gives and costs, measured: the record beside the models."""
