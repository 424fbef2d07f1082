"""`python -m pipeline` is the `crisiswire` command."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
