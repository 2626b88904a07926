"""The publisher: binds itself to what the log holds, signs it, and makes it public."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.comparing import (
    RESTORE,
    checked,
    contradiction,
    other_tree,
    published_edge,
    published_hashes,
    require_bundle,
    rewritten,
)
from govlog.ledger.edge import Edge
from govlog.ledger.errors import Contradicted, LogRewritten, Malformed, TilesDamaged
from govlog.ledger.keys import SigningKey
from govlog.ledger.merkle import Frontier, leaf_hash
from govlog.ledger.notes import Note, Signature, sign
from govlog.ledger.publication import LastSigned, Publication
from govlog.ledger.source import Source
from govlog.ledger.tiles import WIDTH, TileTree, tile_at

STEP = 16 * WIDTH
"""Entries that one checkpoint adds at most: what is held in memory stays bounded."""


class Witnesses(Protocol):
    """Those who are asked to cosign."""

    def cosigned(self, checkpoint: bytes, tree: TileTree) -> tuple[Signature, ...]:
        """Cosignatures of a checkpoint whose tree stands in tiles; those that came in time."""


class Published(NamedTuple):
    """What a step has made public."""

    checkpoint: Checkpoint
    note: Note
    at: float
    """POSIX seconds."""


class Publisher:
    """One log's publisher; several at once harm nothing, and each step is made by one of them.

    A step binds first: the new checkpoint is swapped into a file outside the database, durably,
    before it is signed; and `checkpoint` comes last, after all that it names. Killed between any
    two steps, the next start goes on from what it is bound to (TRUST, Flow).
    """

    def __init__(
        self,
        source: Source,
        publication: Publication,
        keys: Sequence[SigningKey],
        witnesses: Witnesses | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`keys` all bear the log's origin as their name; while keys change there are two."""
        self._source = source
        self._publication = publication
        self._signed = LastSigned(publication)
        self._keys = keys
        self._origin = keys[0].verifier.name
        self._witnesses = witnesses
        self._clock = clock
        self._edge = Edge()
        self._target = Frontier()
        self._seen: Frontier | None = None
        self._patrolled = 0
        self._is_known_to_witnesses = witnesses is None

    def step(self) -> Published | None:
        """Publish what is new, or what was bound to and not yet published; None if nothing is.

        Contradicted where the log is not the one that was signed, OSError where files cannot be
        written; both can be tried again.
        """
        try:
            now = self._source.frontier()
        except ValueError as error:
            raise LogRewritten(f"the log's own tree is none: {error}", mend=RESTORE) from error
        if now == self._seen:
            return None
        try:
            return self._step(now)
        except BaseException:
            self._edge = Edge()  # it may have grown by what was not written
            self._target = Frontier()
            raise

    def again(self) -> Published | None:
        """Publish the present checkpoint with the cosignatures that can be had by now."""
        signed = self._signed.read()
        if signed is None or signed.size != self._edge.size:
            return None
        return self._publish(signed)

    def patrol(self) -> None:
        """Look at one more tile of what was published long ago; after the last begin anew.

        EntryAltered or LogRewritten where the log no longer holds what was signed, TilesDamaged
        where the public files do not; again and again until they do.
        """
        size = self._edge.size
        if size == 0:
            return
        tile = tile_at(0, self._patrolled if self._patrolled * WIDTH < size else 0, size)
        first, after = tile.first, tile.first + tile.width
        hashes = published_hashes(tile, TileTree(size, self._publication.read))
        entries = list(checked(self._source.entries(first, after), first))
        for place, entry in enumerate(entries):
            if leaf_hash(entry) != hashes[place]:
                self._require_tiles()
                bound = self._bound(self._signed.read())
                raise rewritten(self._source, bound, first + place)
        if len(entries) < tile.width:
            raise self._contradiction(self._signed.read(), self._source.frontier())
        require_bundle(tile, entries, self._publication)
        self._patrolled = tile.index + 1

    def _require_tiles(self) -> None:
        """Before the log is blamed: the tiles it is compared with give the root that was signed."""
        note = self._publication.checkpoint()
        published_edge(None if note is None else self._parsed(note), self._publication)

    def _step(self, now: Frontier) -> Published | None:
        self._publication.refuse_if_frozen()
        signed = self._signed.read()
        note = self._publication.checkpoint()
        published = None if note is None else self._parsed(note)
        finished = self._go_on(signed, published) or self._introduced(signed)
        if finished is not None:
            return finished
        edge = self._edge
        if now.size < edge.size or (now.size == edge.size and now != edge.frontier):
            raise self._contradiction(signed, now)
        if now.size == edge.size:
            if note is None:
                return self._first(now)
            self._seen = now
            return None if self._is_signed(note) else self._publish(self._bound(signed))
        grown = self._grown(now)
        if not self._signed.swap(signed, grown):
            return None  # another publisher was faster: look again
        return self._finish(grown)

    def _parsed(self, note: bytes) -> Checkpoint:
        checkpoint = Checkpoint.parse(Note.parse(note).text)
        if checkpoint.origin != self._origin:
            raise Malformed(
                f"the published checkpoint is of {checkpoint.origin}, the key of {self._origin}"
            )
        return checkpoint

    def _go_on(self, signed: Checkpoint | None, published: Checkpoint | None) -> Published | None:
        """Bring the edge to what was signed last, and publish that where it is not public yet."""
        if signed is None:
            if published is not None:
                raise TilesDamaged(
                    f"{self._signed.path.name} is gone from the publication, so nobody knows what"
                    f" was signed after size {published.size}",
                    mend=RESTORE,
                    size=published.size,
                )
            self._edge = Edge()
            return None
        if self._edge_is(signed):
            return None if published == signed else self._publish(signed)
        self._edge = published_edge(published, self._publication)
        if self._edge_is(signed):
            return None if published == signed else self._publish(signed)
        if self._edge.size >= signed.size:
            raise TilesDamaged(
                f"size {self._edge.size} is published, but the last one signed is {signed.size}",
                mend=RESTORE,
                size=self._edge.size,
                signed_size=signed.size,
            )
        self._require(signed)
        return self._finish(signed)

    def _introduced(self, signed: Checkpoint | None) -> Published | None:
        """Show the witnesses what was signed last before anything new is signed.

        After old files were put back in place of all of ours, only they know better.
        """
        if signed is None or self._is_known_to_witnesses:
            return None
        return self._publish(signed)

    def _edge_is(self, checkpoint: Checkpoint) -> bool:
        frontier = self._edge.frontier
        return frontier.size == checkpoint.size and frontier.root() == checkpoint.root

    def _require(self, signed: Checkpoint) -> None:
        """Before anything is written for it: the log holds what was signed."""
        entries = self._source.entries(self._edge.size, signed.size)
        leaves = (leaf_hash(entry.framed) for entry in entries)
        grown = self._edge.frontier.extended(leaves)
        if (grown.size, grown.root()) != (signed.size, signed.root):
            raise self._contradiction(signed, self._source.frontier())

    def _bound(self, signed: Checkpoint | None) -> Checkpoint:
        return signed or Checkpoint(self._origin, self._edge.size, self._edge.frontier.root())

    def _contradiction(self, signed: Checkpoint | None, now: Frontier) -> Contradicted:
        tree = TileTree(self._edge.size, self._publication.read)
        bound = self._bound(signed)
        return contradiction(self._source, bound, tree) or other_tree(bound, now)

    def _grown(self, now: Frontier) -> Checkpoint:
        """The next checkpoint to be bound to; the log's own tree must be what its entries give."""
        after = self._edge.size
        if self._target.size <= after:
            leaves = map(leaf_hash, checked(self._source.entries(after, now.size), after))
            if self._edge.frontier.extended(leaves) != now:
                raise self._contradiction(self._signed.read(), now)
            self._target = now
        until = min(self._target.size, after + STEP)
        entries = checked(self._source.entries(after, until), after)
        grown = self._edge.frontier.extended(map(leaf_hash, entries))
        return Checkpoint(self._origin, grown.size, grown.root())

    def _first(self, now: Frontier) -> Published | None:
        """An empty log has a checkpoint, too."""
        checkpoint = Checkpoint(self._origin, now.size, now.root())
        return self._publish(checkpoint) if self._signed.swap(None, checkpoint) else None

    def _finish(self, signed: Checkpoint) -> Published:
        """Write the tiles of what is bound to, then make it public."""
        while (after := self._edge.size) < signed.size:
            entries = self._source.entries(after, min(signed.size, after + STEP))
            tiles = list(self._edge.grow(checked(entries, after)))
            grown_to = self._edge.size
            if grown_to == after or (grown_to == signed.size and not self._edge_is(signed)):
                raise self._contradiction(signed, self._source.frontier())
            self._publication.write(tiles)
        return self._publish(signed)

    def _publish(self, checkpoint: Checkpoint) -> Published:
        note = self._sign(checkpoint)
        if self._witnesses is not None:
            tree = TileTree(checkpoint.size, self._publication.read)
            cosigned = self._witnesses.cosigned(bytes(note), tree)
            self._is_known_to_witnesses = True
            cosigned = (*cosigned, *self._kept(note, cosigned))
            note = note._replace(signatures=(*note.signatures, *cosigned))
        self._publication.publish(bytes(note))
        return Published(checkpoint, note, self._clock())

    def _kept(self, note: Note, cosigned: Sequence[Signature]) -> list[Signature]:
        """Cosignatures that the published note of the same checkpoint bears already."""
        before = self._publication.checkpoint()
        parsed = None if before is None else Note.parse(before)
        if parsed is None or parsed.text != note.text:
            return []
        named = {(each.name, each.key_id) for each in cosigned}
        others = (each for each in parsed.signatures if each.name != self._origin)
        return [each for each in others if (each.name, each.key_id) not in named]

    def _sign(self, checkpoint: Checkpoint) -> Note:
        body = checkpoint.body()
        return Note(body, tuple(sign(body, key) for key in self._keys))

    def _is_signed(self, note: bytes) -> bool:
        """Whether all present keys have signed the published checkpoint, and no other of ours."""
        ours = {(each.name, each.key_id) for each in Note.parse(note).signatures}
        named = {(name, key_id) for name, key_id in ours if name == self._origin}
        return named == {(each.verifier.name, each.verifier.id) for each in self._keys}
