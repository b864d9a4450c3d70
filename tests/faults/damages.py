"""For every invariant a way to break it: SQL on a round that is over. Constraints are gone where these run."""

from __future__ import annotations

# The database's own defence is taken away first: invariants must notice without it.
LOOSEN = """
    DO $$
    DECLARE one record;
    BEGIN
        FOR one IN SELECT conrelid::regclass AS place, conname FROM pg_constraint c JOIN pg_class r ON r.oid = conrelid
            WHERE contype IN ('f', 'c') AND relnamespace = 'public'::regnamespace
        LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.place, one.conname); END LOOP;
        FOR one IN SELECT conrelid::regclass AS place, conname FROM pg_constraint c JOIN pg_class r ON r.oid = conrelid
            WHERE contype = 'u' AND relnamespace = 'public'::regnamespace
        LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', one.place, one.conname); END LOOP;
        FOR one IN SELECT indexrelid::regclass AS place FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid
            WHERE indisunique AND NOT indisprimary AND relnamespace = 'public'::regnamespace
        LOOP EXECUTE format('DROP INDEX %s', one.place); END LOOP;
    END $$;
"""
_AGAIN = """
    CREATE TEMP TABLE again ON COMMIT DROP AS SELECT * FROM {table} ORDER BY id LIMIT 1;
    UPDATE again SET id = id + 1000000{more};
    INSERT INTO {table} SELECT * FROM again
"""

# The beginning of the sentence → what makes it true. Beginnings as in statements.py and invariants.py.
DAMAGES = {
    "taken is not what live orders hold": "UPDATE orders_offer SET taken = taken + 1 WHERE cap IS NOT NULL",
    "more was sold than there is": "UPDATE orders_offer SET cap = 1 WHERE cap IS NOT NULL",
    "an order was taken outside its window": """
        UPDATE orders_order SET placed_at = (SELECT max(closes_at) FROM orders_orderwindow)
        WHERE id = (SELECT min(id) FROM orders_order)
    """,
    "a window was closed before its cutoff": (
        "UPDATE orders_orderwindow SET closed_at = closes_at - interval '1 ms'"
    ),
    "an order has no lines": "DELETE FROM orders_orderline WHERE order_id = (SELECT min(id) FROM orders_order)",
    "lines belong to no order": "DELETE FROM orders_order WHERE id = (SELECT min(id) FROM orders_order)",
    "a total is not that of the lines": (
        "UPDATE orders_order SET total_fen = total_fen + 1 WHERE id = (SELECT min(id) FROM orders_order)"
    ),
    "a household has more than its limit": (
        "UPDATE orders_offer SET household_limit = 1 WHERE household_limit IS NOT NULL"
    ),
    "numbers are not 1 to n": (
        "UPDATE orders_order SET number = number + 100 WHERE id = (SELECT max(id) FROM orders_order)"
    ),
    "a revision that nobody asked for": "UPDATE orders_supplierorder SET revision = revision + 1",
    "more than one revision counts": _AGAIN.format(table="orders_supplierorder", more=""),
    "files without the mark": "UPDATE orders_supplierorder SET filed_at = NULL",
    "sheets without the mark": "UPDATE volunteers_picklist SET filed_at = NULL",
    "a step was taken twice": """
        INSERT INTO kernel_auditentry (at, actor_kind, actor_id, action, subject_kind, subject_id, data)
        SELECT at, actor_kind, actor_id, action, subject_kind, subject_id, data FROM kernel_auditentry
        WHERE action = 'supplier_order.prepared'
    """,
    "a window was closed more or less often": "DELETE FROM kernel_auditentry WHERE action = 'window.closed'",
    "an order has no entry in the audit": """
        DELETE FROM kernel_auditentry
        WHERE action = 'order.placed' AND subject_id = (SELECT min(id) FROM orders_order)
    """,
    "a close was told of and somebody was left out": """
        DELETE FROM communities_inboxmessage WHERE id =
            (SELECT min(id) FROM communities_inboxmessage WHERE kind = 'window.closed')
    """,
    "somebody was told of a close that was not delivered": (
        "UPDATE kernel_outboxmessage SET delivered_at = NULL WHERE topic = 'window.closed'"
    ),
    "a job is neither done nor parked": "UPDATE kernel_job SET done_at = NULL WHERE id = 1",
    "a job is parked": "UPDATE kernel_job SET done_at = NULL, parked_at = now() WHERE id = 1",
    "a message was not delivered": "UPDATE kernel_outboxmessage SET delivered_at = NULL",
    "a window is past its cutoff and still open": "UPDATE orders_orderwindow SET status = 'open'",
    "what is wanted has no revision with files": (
        "UPDATE orders_orderwindow SET demand_revision = demand_revision + 1"
    ),
    "a building that gets something has not exactly one list": (
        "UPDATE volunteers_picklist SET status = 'superseded' WHERE id = 1"
    ),
    "somebody was not told of the release": """
        DELETE FROM communities_inboxmessage WHERE id =
            (SELECT min(id) FROM communities_inboxmessage WHERE kind = 'supplier_order.released')
    """,
    "the hash of a file is not that of its bytes": (
        "UPDATE volunteers_picklistfile SET content = content || 'x' WHERE id = 1"
    ),
    "an accepted request is not stored": "DELETE FROM kernel_idempotencykey WHERE id = 1",
    "the stored answer is not the one that was given": (
        """UPDATE kernel_idempotencykey SET body = convert_to(convert_from(body, 'utf8') || ' ', 'utf8')"""
    ),
    "an answer is stored that nobody asked for": "UPDATE kernel_idempotencykey SET key = key || '-other'",
    "an order was answered under two keys": _AGAIN.format(
        table="kernel_idempotencykey", more=", key = key || '-other'"
    ),
    "an order that no request asked for": "UPDATE orders_order SET public_id = gen_random_uuid()",
    "an accepted order is gone": "DELETE FROM orders_order WHERE id = (SELECT min(id) FROM orders_order)",
    "an order has another number than its buyer was told": "UPDATE orders_order SET number = number + 1",
}

# Looked for in the bytes, which takes a second each.
OF_FILES = {
    "a file is missing": "DELETE FROM orders_orderfile WHERE format = 'csv'",
    "a file is not what a fresh rendering gives": """
        UPDATE orders_orderfile SET content = content || '\\x20'::bytea, size = size + 1,
            sha256 = encode(sha256(content || '\\x20'::bytea), 'hex') WHERE format = 'txt'
    """,
    "not reconciled": "UPDATE orders_orderline SET quantity = quantity + 1 WHERE id = 1",
}
