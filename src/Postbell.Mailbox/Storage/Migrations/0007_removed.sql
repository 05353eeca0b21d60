-- Messages that were removed and can be brought back until the policy's time is over, or for as long as a legal hold lasts. Their contents stay.
CREATE TABLE removed (
    account_id bigint NOT NULL,
    removed_id bigint NOT NULL,
    folder_name text NOT NULL,
    content_id bigint NOT NULL,
    flags bigint NOT NULL,
    keywords text,
    internal_date bigint NOT NULL,
    size bigint NOT NULL,
    kind bigint NOT NULL,
    importance bigint NOT NULL,
    removed_at bigint NOT NULL,
    PRIMARY KEY (account_id, removed_id),
    FOREIGN KEY (account_id, content_id) REFERENCES contents (account_id, content_id) ON DELETE CASCADE
);

CREATE INDEX removed_by_content ON removed (account_id, content_id);
CREATE INDEX removed_by_time ON removed (account_id, removed_at);
ALTER TABLE accounts ADD COLUMN last_removed_id bigint NOT NULL DEFAULT 0;

-- Legal hold: since when nothing of the mailbox may go for good; null is no hold.
ALTER TABLE accounts ADD COLUMN held_since bigint;

-- Messages and recordings whose bytes were found missing or damaged, until they are found sound or are gone.
CREATE TABLE damaged (
    account_id bigint NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    blob_name text NOT NULL,
    missing bigint NOT NULL,
    found_at bigint NOT NULL,
    PRIMARY KEY (account_id, blob_name)
);

-- Whose a file is: asked for each file when files that nothing names are looked for.
CREATE INDEX contents_by_blob ON contents (blob_name);
CREATE INDEX greetings_by_blob ON greetings (blob_name);
