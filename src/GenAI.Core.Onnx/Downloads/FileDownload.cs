using System.Buffers;
using System.Net;

namespace GenAI.Core.Onnx.Downloads;

/// <summary>Fetches one file, continuing where an attempt broke off, and checks what came.</summary>
internal sealed class FileDownload(HubClient hub, HubRequest request, string commit, HubFile file, string path, Action<long> progress)
{
    private const int BufferBytes = 1 << 17;

    private string Partial => path + ".part";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(path))
            return;
        for (var attempt = 1; ; attempt++)
        {
            await hub.Resilience.ExecuteAsync(FetchAsync, cancellationToken).ConfigureAwait(false);
            var problem = FileCheck.Problem(Partial, file);
            if (problem is null)
                break;

            // What was continued may have belonged to another content; from the start it must be right.
            File.Delete(Partial);
            if (attempt == 2)
                throw new OnnxModelException($"'{file.Path}' of '{request.Model}' came twice {problem}. Nothing of it was kept; try again later, or another endpoint.", file.Path);
        }

        File.Move(Partial, path);
    }

    private async ValueTask FetchAsync(CancellationToken cancellationToken)
    {
        var have = File.Exists(Partial) ? new FileInfo(Partial).Length : 0;
        if (have > file.Bytes)
        {
            File.Delete(Partial);
            have = 0;
        }

        if (have == file.Bytes && (have > 0 || File.Exists(Partial)))
            return;
        using var response = await hub.OpenAsync(request, commit, file, have, cancellationToken).ConfigureAwait(false);

        // A server that does not know ranges, or knows another file, sends the whole.
        var continues = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
        if (have > 0 && !continues && response.StatusCode != HttpStatusCode.OK)
        {
            File.Delete(Partial);
            throw new IOException($"'{file.Path}' cannot be continued at byte {have}; it is fetched from the start.");
        }

        var target = new FileStream(Partial, continues ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        await using (target.ConfigureAwait(false))
        {
            var source = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
                await CopyAsync(source, target, continues ? have : 0, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CopyAsync(Stream source, FileStream target, long done, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int read;
            while ((read = await Patience.WaitAsync(token => source.ReadAsync(buffer.AsMemory(0, BufferBytes), token).AsTask(), cancellationToken).ConfigureAwait(false)) > 0)
            {
                done += read;
                if (done > file.Bytes)
                    throw new OnnxModelException($"'{file.Path}' of '{request.Model}' is announced with {file.Bytes:N0} bytes, but more come. The download was stopped; do not trust this endpoint.", file.Path);
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                progress(done);
            }

            if (done < file.Bytes)
                throw new IOException($"The connection ended after {done:N0} of {file.Bytes:N0} bytes of '{file.Path}'.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
