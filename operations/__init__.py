"""What touches every room: the command line, the demo, the worker, system pages."""
