"""Pictures of the whole installation, taken while it runs, and their return. How to use it: docs/backup.md.

    place      where pictures lie: a folder or a bucket
    envelope   closing by age for whoever may open, opening, packing; nothing is ever whole in memory
    manifest   what a picture says of itself
    sqlite, postgres   one state of the database, taken out and put back
    contents   files: each content is kept once, whichever pictures know it
    secrets    keys of seals, the secret key, trusted certificates
    taking, keeping, verifying, bringing   the four things that one does with pictures

A target holds

    pictures/<instant>/database.age, files.list.gz, keys.age, and last of all manifest.json
    objects/<for whom>/ab/<content>-<SHA-256 of the closed object>.age

A picture without a manifest is none: an interrupted run leaves nothing that looks whole.
"""


class Trouble(Exception):
    """Why a picture cannot be taken, read or brought back: a sentence for the administrator."""
