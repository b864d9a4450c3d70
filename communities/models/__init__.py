from communities.models.inbox import InboxMessage
from communities.models.people import Membership, Resident, User
from communities.models.places import Building, Community, Household, Region

__all__ = [
    "Building",
    "Community",
    "Household",
    "InboxMessage",
    "Membership",
    "Region",
    "Resident",
    "User",
]
