namespace GenAI.Core.VectorStores;

/// <content>Exchanging a collection for another.</content>
internal sealed partial class DurableStore
{
    /// <inheritdoc cref="LocalDatabase.ReplaceAsync"/>
    public async Task<bool> ReplaceAsync(string name, LocalTable replacement, long version, CancellationToken cancellationToken)
    {
        ThrowIfNotWritable();
        await _maintenance.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // The log knows the replacement by another name: all of it has to be in segments.
            await CheckpointAsync(cancellationToken).ConfigureAwait(false);
            var old = Find(name) ?? throw LocalTable.Missing(name, storeName: null);
            if (!old.TryCloseForWriting(version))
                return false;

            var isDone = false;
            try
            {
                await _manifestGate.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    await ExchangeAsync(old, replacement).ConfigureAwait(false);
                    isDone = true;
                }
                finally
                {
                    _manifestGate.Release();
                }
            }
            finally
            {
                if (!isDone)
                    old.OpenForWriting();
            }

            old.Drop(deleteFiles: true);
            return true;
        }
        finally
        {
            _maintenance.Release();
        }
    }

    private async Task ExchangeAsync(LocalTable old, LocalTable replacement)
    {
        await _log!.SyncAsync(CancellationToken.None).ConfigureAwait(false);
        var temporaryName = replacement.Name;
        replacement.Name = old.Name;
        replacement.Storage!.Pending = replacement.Storage.Saved with { Sequence = _log.LastSequence };
        try
        {
            WriteManifest_NeedsGate(_tables.Values.Where(table => table != old));
            replacement.Storage.Accept();
        }
        catch (Exception error)
        {
            // It may be on the disk all the same: what is written from now on would be lost.
            Fail(error);
            replacement.Name = temporaryName;
            replacement.Storage.Pending = null;
            throw;
        }

        _tables[old.Name] = replacement;
        _tables.TryRemove(temporaryName, out _);
    }
}
