"""Password hashing at OWASP's minimum for Argon2id: 19 MiB, two passes, one lane (about 16 ms a hash)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class OwaspArgon2PasswordHasher(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
