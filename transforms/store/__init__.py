"""The lake on disk: Parquet files, staging, manifest, commit."""
