"""A product comes, changes and goes: what may be recorded about its life."""

from __future__ import annotations

from govlog.domain.authority import NOTHING, ActOf
from govlog.domain.commitment import LifeStage, Product, Taken
from govlog.domain.commitment.notice import notice
from govlog.domain.errors import RuleViolation
from govlog.domain.events.body import ActKind
from govlog.domain.events.fact import Act
from govlog.domain.events.product import (
    ProductAdmitted,
    ProductClosed,
    ProductDeclined,
    ProductExited,
    ProductPaused,
    ProductProposed,
    ProductRenamed,
    ProductResumed,
)
from govlog.domain.facts import Given
from govlog.domain.refusals import existing, require_known, require_new
from govlog.domain.values import first_day, span
from govlog.domain.warrant import require_authority


class WrongStage(RuleViolation):
    """The product is not at the stage of its life that the act starts from."""

    slug = "wrong-stage"


def propose_product(
    product: Product | None, proposed: ProductProposed, given: Given
) -> ProductProposed:
    require_new(product, "product")
    require_known(given.facts, proposed.proposed_by, "proposed_by")
    return proposed


def admit_product(
    product: Product | None, proposed: ProductAdmitted, given: Given
) -> ProductAdmitted:
    """Admit a proposed product, or one that had left."""
    held = existing(product, "product")
    _require_stage(
        held,
        {LifeStage.PROPOSED, LifeStage.DECLINED, LifeStage.EXITED, LifeStage.CLOSED},
        "admitted",
    )
    _authorised(held, proposed, ActKind.ADMISSION, given)
    return proposed


def decline_product(
    product: Product | None, proposed: ProductDeclined, given: Given
) -> ProductDeclined:
    _require_stage(existing(product, "product"), {LifeStage.PROPOSED}, "declined")
    return proposed


def pause_product(product: Product | None, proposed: ProductPaused, given: Given) -> ProductPaused:
    _require_stage(existing(product, "product"), IN_PORTFOLIO, "paused")
    return proposed


def resume_product(
    product: Product | None, proposed: ProductResumed, given: Given
) -> ProductResumed:
    _require_stage(existing(product, "product"), {LifeStage.PAUSED}, "resumed")
    return proposed


def exit_product(product: Product | None, proposed: ProductExited, given: Given) -> ProductExited:
    held = existing(product, "product")
    # The sources of an import may have lost the admission (DOMAIN, what real logs did).
    unshown = {LifeStage.PROPOSED} if given.importing else set()
    _require_stage(held, {*IN_PORTFOLIO, LifeStage.PAUSED, *unshown}, "taken out")
    _authorised(held, proposed, ActKind.EXIT, given)
    return proposed


def close_product(product: Product | None, proposed: ProductClosed, given: Given) -> ProductClosed:
    held = existing(product, "product")
    if stage(held) is LifeStage.CLOSED:
        _require_stage(held, set(LifeStage) - {LifeStage.CLOSED}, "closed")
    _authorised(held, proposed, ActKind.EXIT, given)
    return proposed


def rename_product(
    product: Product | None, proposed: ProductRenamed, given: Given
) -> ProductRenamed:
    existing(product, "product")
    return proposed


IN_PORTFOLIO = {LifeStage.ADMITTED, LifeStage.RESUMED}


def stage(product: Product) -> LifeStage:
    """The stage of the last recorded step of a product's life."""
    return product.life[-1].stage if product.life else LifeStage.PROPOSED


def asked(act: Act, given: Given) -> Taken:
    """A proposed act as authority looks at it: as the latest fact of the log."""
    return Taken(
        fact="proposed",
        index=2**62,
        decided=span(act.decided_on, given.recorded_on),
        resolution=act.resolution,
        worded=act.authority_text is not None,
        imported=given.importing,
        effective=first_day(act.effective_from) if act.effective_from else None,
        notified=notice(act),
    )


def _authorised(product: Product, act: Act, kind: ActKind, given: Given) -> None:
    require_authority(ActOf(kind, product.stream, NOTHING, asked(act, given)), given)


def _require_stage(product: Product, allowed: set[LifeStage], done: str) -> None:
    now = stage(product)
    if now not in allowed:
        raise WrongStage(
            f"a product that is {now} cannot be {done}",
            mend=f"it can be {done} when it is {' or '.join(sorted(allowed))}",
            stage=now,
            allowed=sorted(allowed),
        )
