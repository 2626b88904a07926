"""How products measure up: evaluations, levels, and who does not agree."""

from api.reading import Item, Listing
from api.writing import Write

WRITES = (
    Write("/v1/products/<key>/self-assessments", "self_assess"),
    Write("/v1/products/<key>/evaluations", "publish_evaluation"),
    Write("/v1/products/<key>/levels", "change_level"),
    Write("/v1/products/<key>/evaluations/<evaluation>/disputes", "dispute_evaluation"),
    Write("/v1/products/<key>/disputes", "dispute_investment"),
    Write("/v1/products/<key>/disputes/<dispute>/settlement", "settle_dispute"),
)
READS = (
    Listing("/v1/evaluations", "evaluations"),
    Item("/v1/evaluations/<key>/<part>", "evaluations", "product"),
    Listing("/v1/products/<key>/evaluations", "evaluations", "product"),
    Listing("/v1/levels", "levels"),
    Listing("/v1/products/<key>/levels", "levels", "product"),
    Listing("/v1/disputes", "disputes"),
    Item("/v1/disputes/<key>/<part>", "disputes", "product"),
    Listing("/v1/products/<key>/disputes", "disputes", "product"),
)
