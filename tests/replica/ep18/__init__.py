"""电力18 (EmpireCMS): static lists and articles, one dynamic list."""
