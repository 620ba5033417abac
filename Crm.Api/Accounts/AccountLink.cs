namespace Crm.Api.Accounts;

/// <summary>Which account of the ledger it is, and whether the ledger has said that it has it.</summary>
internal sealed record AccountLink(Guid Ledger, Guid Account, bool IsConfirmed);
