-- Automatic replies, and who got one when: the same sender gets one reply in a period (RFC 3834).
CREATE TABLE vacations (
    account_id bigint NOT NULL PRIMARY KEY REFERENCES accounts (account_id) ON DELETE CASCADE,
    enabled bigint NOT NULL,
    starts_at bigint,
    ends_at bigint,
    subject text NOT NULL,
    body text NOT NULL,
    every_ms bigint NOT NULL
);

CREATE TABLE vacation_replies (
    account_id bigint NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    sender text NOT NULL,
    replied_at bigint NOT NULL,
    PRIMARY KEY (account_id, sender)
);
