"""Who answers, as people write it: groups with their skills, routing and agents."""
