using Gateway.Peers;

return await new PeersCommand().RunAsync(args);
