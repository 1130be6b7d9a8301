"""The pages, made with Django. `application` is what a server serves."""
