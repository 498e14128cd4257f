"""What pages for people share, the report's and the preview's: figures, colours, numbers, style and script."""
