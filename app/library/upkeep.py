"""What is done for a library each time the program starts."""

from __future__ import annotations

from app.library import privacy
from app.library.attempts import index_words
from app.library.audio_use import used
from app.library.backups import back_up, thin
from app.library.models import now
from app.library.store import Store
from app.library.teaching import classes


def upkeep(store: Store, keeping: str) -> None:
    """Delete recordings that are older than they may become or unused, back up, and thin old backups.

    Before that, what older versions of Elocute did not do for attempts and recordings is done.

    Parameters
    ----------
    store : Store
        The library; of one that is read-only nothing is touched.
    keeping : {"always", "30-days", "never"}
        How long recordings are kept, as in the settings.

    Raises
    ------
    LibraryError
        If something cannot be deleted or written.
    """
    if store.is_read_only:
        return
    with store.reading() as session:
        needed = used(session)
    store.audio.share(needed)
    index_words(store)
    classes.remove_expired(store, now())
    privacy.remove_old_recordings(store, keeping, now())
    privacy.remove_unused(store)
    back_up(store, now())
    thin(store.folder, now())
