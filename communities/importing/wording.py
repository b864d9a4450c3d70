"""How the audit calls what happens to an import."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "import.uploaded": _("File uploaded"),
    "import.uploaded_again": _("File uploaded again"),
    "import.read": _("File read"),
    "import.failed": _("File could not be read"),
    "import.row_mended": _("Row mended"),
    "import.row_decided": _("Row taken or left out"),
    "import.doubtful_taken": _("All doubtful rows taken"),
    "import.confirmed": _("Import confirmed"),
    "import.applied": _("Import finished"),
    "import.exported": _("Rows left out downloaded"),
}
