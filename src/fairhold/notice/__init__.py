"""The privacy notice and the record of processing, made of what the system runs on."""

from fairhold.notice.domain import Change, Document, Entry, Section
from fairhold.notice.printing import TITLE, as_pdf
from fairhold.notice.registers import build
from fairhold.notice.versions import Published, published, settle

__all__ = ["TITLE", "Change", "Document", "Entry", "Published", "Section", "as_pdf", "build", "published", "settle"]
