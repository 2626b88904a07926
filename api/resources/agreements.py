"""What carries a product: agreements, and the elements of OS2iot's set-up."""

from api.reading import Item, Listing
from api.writing import Write

WRITES = (
    Write("/v1/products/<key>/coordinators", "appoint_coordinator"),
    Write("/v1/products/<key>/authorities", "join_authority"),
    Write("/v1/products/<key>/withdrawals", "withdraw_authority"),
    Write("/v1/products/<key>/contributions", "agree_contribution"),
    Write("/v1/products/<key>/contracts", "contract_vendor"),
)
READS = (
    Listing("/v1/sustainability", "sustainability"),
    Item("/v1/sustainability/<key>", "sustainability", "product"),
    Listing("/v1/participations", "participations"),
    Listing("/v1/products/<key>/authorities", "participations", "product"),
    Listing("/v1/agreements", "agreements"),
    Listing("/v1/products/<key>/agreements", "agreements", "product"),
)
