from communities.models.addresses import AddressCandidate, AddressQuestion, AddressRule
from communities.models.consents import Consent
from communities.models.devices import Device
from communities.models.groups import GroupMessage, GroupRobot
from communities.models.inbox import InboxMessage
from communities.models.joining import HouseholdCode, JoinRequest
from communities.models.mail import Mailbox, MailMessage
from communities.models.people import Membership, Resident, User
from communities.models.places import Building, Community, Household, Region
from communities.models.sign_in import MiniProgramIdentity, SignInCode

__all__ = [
    "AddressCandidate",
    "AddressQuestion",
    "AddressRule",
    "Building",
    "Community",
    "Consent",
    "Device",
    "GroupMessage",
    "GroupRobot",
    "Household",
    "HouseholdCode",
    "InboxMessage",
    "JoinRequest",
    "MailMessage",
    "Mailbox",
    "Membership",
    "MiniProgramIdentity",
    "Region",
    "Resident",
    "SignInCode",
    "User",
]
