"""Which body, campaign or place a mention means.

Within a document, in reading order: 该局 is the last body of that rank, 市公安局 the one of the city in play, 昆都仑区分局 the same as
包头市公安局昆都仑区分局 where the page says so, 禁毒大队 in a list the squad of the bureau before it. What cannot be made good names nobody.
Across documents two bodies are one when their full names are the same; a full name holds as many regions as it takes to be unique in China.
"""

from kg.resolve.bodies import Resolver
from kg.resolve.drives import Drive, Drives
from kg.resolve.names import Body, full_own
from kg.resolve.places import headed, home, own_regions, place

__all__ = ["Body", "Drive", "Drives", "Resolver", "full_own", "headed", "home", "own_regions", "place"]
