"""What tests share: builders of flows and scenarios, services that really run, models written from the documents."""
