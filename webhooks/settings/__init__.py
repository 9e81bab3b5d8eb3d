"""What the service must know before it starts; what may be spent and how long things are kept."""
