"""Products: their life, their commissions and what was invested in them."""

from api.reading import Item, Listing
from api.writing import Write

WRITES = (
    Write("/v1/products", "propose_product"),
    Write("/v1/products/<key>/admissions", "admit_product"),
    Write("/v1/products/<key>/declinations", "decline_product"),
    Write("/v1/products/<key>/pauses", "pause_product"),
    Write("/v1/products/<key>/resumptions", "resume_product"),
    Write("/v1/products/<key>/exits", "exit_product"),
    Write("/v1/products/<key>/closure", "close_product"),
    Write("/v1/products/<key>/names", "rename_product"),
    Write("/v1/products/<key>/commissions", "grant_commission"),
    Write("/v1/products/<key>/commissions/<commission>/amendments", "amend_commission"),
    Write("/v1/products/<key>/commissions/<commission>/reviews", "review_commission"),
    Write("/v1/products/<key>/commissions/<commission>/revocation", "revoke_commission"),
    Write("/v1/products/<key>/investments", "declare_investment"),
    Write("/v1/products/<key>/investments/<investment>/withdrawal", "withdraw_investment"),
    Write("/v1/products/<key>/instalments", "commit_instalment"),
    Write("/v1/products/<key>/instalments/<instalment>/credits", "credit_instalment"),
)
READS = (
    Listing("/v1/products", "portfolio"),
    Item("/v1/products/<key>", "portfolio", "product"),
    Listing("/v1/products/<key>/commissions", "commissions", "product"),
    Listing("/v1/products/<key>/investments", "declarations", "product"),
    Listing("/v1/products/<key>/instalments", "investments", "product"),
    Listing("/v1/commissions", "commissions"),
    Item("/v1/commissions/<key>/<part>", "commissions", "product"),
    Listing("/v1/declarations", "declarations"),
    Item("/v1/declarations/<key>/<part>", "declarations", "product"),
    Listing("/v1/investments", "investments"),
    Item("/v1/investments/<key>/<part>", "investments", "product"),
    Listing("/v1/exposure", "exposure"),
    Item("/v1/exposure/<key>/<part>", "exposure", "product"),
)
