from django.db import migrations

# A group that hears of a round below its minimum hears it too where only its own community is below, and left out.
FORWARD = """
    UPDATE communities_grouprobot
    SET events = array_append(events, 'community.left_out')
    WHERE events && ARRAY['window.held', 'window.cancelled']::varchar[]
      AND NOT events @> ARRAY['community.left_out']::varchar[]
"""


class Migration(migrations.Migration):
    dependencies = [("communities", "0019_mailboxes")]

    # Back, the event stays where it is: it may have been chosen by hand.
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
