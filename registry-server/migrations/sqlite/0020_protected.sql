-- Treatments that are taken back because their persons have a protected identity now are counted whenever a page is shown.

CREATE INDEX retraction_protected ON retraction (sender) WHERE reason = 'protected_identity';
