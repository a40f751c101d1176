"""The keys of people's documents."""

from django.conf import settings
from django.db import models


class DataKey(models.Model):
    """The key of one person's documents, wrapped by a master key. Without it they are noise, backups too."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="data_key"
    )
    master_key = models.CharField(max_length=32, db_index=True)
    """The id, in the ring of the settings, of the key that wraps this one."""
    wrapped = models.BinaryField()

    def __str__(self) -> str:
        return f"key of {self.person_id}"
