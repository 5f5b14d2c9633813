"""Runs migrations on the connection that it is given; read by Alembic."""

from __future__ import annotations

from alembic import context

from app.library.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    # The transaction is the caller's: all migrations are kept, or none.
    transactional_ddl=False,
)
context.run_migrations()
