"""The register: who is a member or on the way to it, where, with what particulars; rosters in and out."""
