"""The demo's stories: a payment company's vendors, told through the real commands in past time."""
