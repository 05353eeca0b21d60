-- Who may do what with folders of others (RFC 4314). Grantee 0 is everybody; numbers of accounts are never used again, so a right never falls to a stranger.
CREATE TABLE folder_rights (
    account_id bigint NOT NULL,
    folder_id bigint NOT NULL,
    grantee_id bigint NOT NULL,
    rights bigint NOT NULL,
    PRIMARY KEY (account_id, folder_id, grantee_id),
    FOREIGN KEY (account_id, folder_id) REFERENCES folders (account_id, folder_id) ON DELETE CASCADE
);

CREATE INDEX folder_rights_by_grantee ON folder_rights (grantee_id, account_id, folder_id);
