"""What people ask, whatever platform they ask from: listeners parse, ask the core once and answer through the desk."""
