-- Who may be guessing passwords, and where people have signed in from before: both must outlive a restart, or a restart would be the way around a lock.

-- A subject is source:ADDRESS, account:SECRET:NAME or pair:SECRET:NAME@NETWORK.
CREATE TABLE sign_in_records (
    subject text NOT NULL PRIMARY KEY,
    failures bigint NOT NULL,
    locks bigint NOT NULL,
    last_at bigint NOT NULL,
    locked_until bigint NOT NULL
);

CREATE TABLE known_networks (
    account_id bigint NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    network text NOT NULL,
    last_at bigint NOT NULL,
    PRIMARY KEY (account_id, network)
);

-- Random keys of this store, made once.
CREATE TABLE store_keys (
    name text NOT NULL PRIMARY KEY,
    value bytea NOT NULL
);
