"""The doors of people who have an address: invitations, links, an identity provider, a second factor, sessions."""
