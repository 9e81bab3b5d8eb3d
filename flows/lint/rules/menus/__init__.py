"""M: options, keys, order, retries."""
