"""What makes a release: the wheel with everything inside, and its trial. Not part of what is installed."""
