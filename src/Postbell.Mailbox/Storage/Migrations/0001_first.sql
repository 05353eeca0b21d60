-- The first schema. Types and statements are those SQLite and PostgreSQL share, so that one set of migrations serves both:
-- text, bigint, bytea (a blob to SQLite), no rowids, no triggers. Every key of a mailbox starts with account_id, so it shards by account.
-- Times are milliseconds since 1970-01-01 UTC.

CREATE TABLE counters (
    name text NOT NULL PRIMARY KEY,
    value bigint NOT NULL
);

CREATE TABLE accounts (
    account_id bigint NOT NULL PRIMARY KEY,
    user_name text NOT NULL,
    user_key text NOT NULL UNIQUE,
    display_name text NOT NULL,
    extension text NOT NULL,
    dial_plan text NOT NULL,
    policy text NOT NULL,
    gateway text NOT NULL,
    address text NOT NULL,
    created_at bigint NOT NULL,
    modseq bigint NOT NULL,
    last_folder_id bigint NOT NULL,
    last_content_id bigint NOT NULL
);

CREATE TABLE account_attributes (
    account_id bigint NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    name text NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (account_id, name)
);

CREATE TABLE secrets (
    account_id bigint NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    kind text NOT NULL,
    iterations bigint NOT NULL,
    salt bytea NOT NULL,
    hash bytea NOT NULL,
    changed_at bigint NOT NULL,
    PRIMARY KEY (account_id, kind)
);

CREATE TABLE greetings (
    account_id bigint NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    name text NOT NULL,
    blob_name text NOT NULL,
    checksum bytea NOT NULL,
    size bigint NOT NULL,
    changed_at bigint NOT NULL,
    PRIMARY KEY (account_id, name)
);

CREATE TABLE folders (
    account_id bigint NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    folder_id bigint NOT NULL,
    name text NOT NULL,
    special_use bigint NOT NULL,
    selectable bigint NOT NULL,
    uid_validity bigint NOT NULL,
    uid_next bigint NOT NULL,
    recent_from bigint NOT NULL,
    highest_modseq bigint NOT NULL,
    PRIMARY KEY (account_id, folder_id),
    UNIQUE (account_id, name)
);

CREATE TABLE subscriptions (
    account_id bigint NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    name text NOT NULL,
    PRIMARY KEY (account_id, name)
);

-- What a message is, once per account however many folders hold it. The bytes lie in a blob file; structure is the parsed tree.
CREATE TABLE contents (
    account_id bigint NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    content_id bigint NOT NULL,
    blob_name text NOT NULL,
    checksum bytea NOT NULL,
    size bigint NOT NULL,
    structure bytea NOT NULL,
    sent_day bigint,
    kind bigint NOT NULL,
    importance bigint NOT NULL,
    sensitivity bigint NOT NULL,
    caller_number text,
    caller_name text,
    voice_seconds bigint,
    PRIMARY KEY (account_id, content_id)
);

-- Where a message is. Small rows: opening a folder reads them all. Size, kind and importance repeat the content's for counting.
CREATE TABLE messages (
    account_id bigint NOT NULL,
    folder_id bigint NOT NULL,
    uid bigint NOT NULL,
    content_id bigint NOT NULL,
    modseq bigint NOT NULL,
    flags bigint NOT NULL,
    keywords text,
    internal_date bigint NOT NULL,
    size bigint NOT NULL,
    kind bigint NOT NULL,
    importance bigint NOT NULL,
    PRIMARY KEY (account_id, folder_id, uid),
    FOREIGN KEY (account_id, folder_id) REFERENCES folders (account_id, folder_id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, content_id) REFERENCES contents (account_id, content_id) ON DELETE CASCADE
);

CREATE INDEX messages_by_modseq ON messages (account_id, folder_id, modseq);
CREATE INDEX messages_by_content ON messages (account_id, content_id);
CREATE INDEX messages_by_kind ON messages (account_id, kind, folder_id, flags, importance) WHERE kind <> 0;

CREATE TABLE expunged (
    account_id bigint NOT NULL,
    folder_id bigint NOT NULL,
    uid bigint NOT NULL,
    modseq bigint NOT NULL,
    PRIMARY KEY (account_id, folder_id, uid),
    FOREIGN KEY (account_id, folder_id) REFERENCES folders (account_id, folder_id) ON DELETE CASCADE
);

CREATE INDEX expunged_by_modseq ON expunged (account_id, folder_id, modseq);

-- What was delivered under which key. It stays when the message is expunged: a late second delivery must not bring it back.
CREATE TABLE deliveries (
    account_id bigint NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    idempotency_key text NOT NULL,
    folder_id bigint NOT NULL,
    uid_validity bigint NOT NULL,
    uid bigint NOT NULL,
    modseq bigint NOT NULL,
    delivered_at bigint NOT NULL,
    PRIMARY KEY (account_id, idempotency_key)
);

-- A trace begins before anyone knows whose mailbox it is for, so the ledger alone is not keyed by account.
CREATE TABLE traces (
    trace_id text NOT NULL PRIMARY KEY,
    steps bigint NOT NULL,
    last_at bigint NOT NULL
);

CREATE INDEX traces_by_time ON traces (last_at);

CREATE TABLE ledger (
    trace_id text NOT NULL REFERENCES traces (trace_id) ON DELETE CASCADE,
    sequence bigint NOT NULL,
    at bigint NOT NULL,
    stage text NOT NULL,
    detail text NOT NULL,
    PRIMARY KEY (trace_id, sequence)
);
