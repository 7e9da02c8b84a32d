"""What each college said of a proposal, for machines: the figures of its page, and no other."""

from flask import Blueprint, Response, json, request
from flask.typing import ResponseReturnValue

from referentiel.blueprints.college_parts import as_json, matrix_of
from referentiel.proposals import queries
from referentiel.web.guard import public

blueprint = Blueprint("colleges", __name__)


@blueprint.get("/propositions/<int:number>/colleges.json")
@public
def matrix(number: int) -> ResponseReturnValue:
    """College × positions, wordings, threshold. The same for everybody; a copy is good as long as its ETag is."""
    found = queries.proposal(number)
    answer = Response(json.dumps(as_json(found, matrix_of(found))), mimetype="application/json")
    answer.add_etag()
    return answer.make_conditional(request)
