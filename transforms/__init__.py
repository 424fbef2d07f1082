"""What happens to the data, stage by stage. Nothing here imports `pipeline`."""
