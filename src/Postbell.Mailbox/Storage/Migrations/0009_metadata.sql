-- What clients note about mailboxes (RFC 5464). Folder 0 is the mailbox as a whole; reader 0 means everybody who may read the folder, another number that person.
CREATE TABLE metadata (
    account_id bigint NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    folder_id bigint NOT NULL,
    reader_id bigint NOT NULL,
    entry text NOT NULL,
    value bytea NOT NULL,
    PRIMARY KEY (account_id, folder_id, reader_id, entry)
);
